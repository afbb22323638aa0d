// Finding and filling the parts of a server-rendered page. Text goes in as text only: nothing here parses HTML.

/** An element that the page must have; a page without it is a defect. */
export function part(id: string): HTMLElement;
export function part<E extends HTMLElement>(id: string, type: new () => E): E;
export function part(id: string, type: new () => HTMLElement = HTMLElement): HTMLElement {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`expected the page to have a ${type.name} #${id}`);
  return found;
}

/** A copy of a `<template>`'s one element, and its parts by their `data-slot`. */
export interface Stamped {
  readonly root: HTMLElement;
  slot(name: string): HTMLElement;
  slot<E extends Element>(name: string, type: new () => E): E;
}

/** Stamps out a template of the page. */
export function stamp(template: string): Stamped {
  const copy = part(template, HTMLTemplateElement).content.firstElementChild?.cloneNode(true);
  if (!(copy instanceof HTMLElement)) throw new Error(`expected the template ${template} to hold an element`);
  return {
    root: copy,
    slot: (name: string, type: new () => Element = HTMLElement) => {
      const found = copy.querySelector(`[data-slot="${name}"]`);
      if (!(found instanceof type))
        throw new Error(`expected ${template} to have a ${type.name} slot ${name}`);
      return found;
    },
  } as Stamped;
}

/** `<b>text</b>`, for the word that matters in a sentence. */
export function bold(text: string): HTMLElement {
  return made("b", text);
}

/** `<code>text</code>`. */
export function code(text: string): HTMLElement {
  return made("code", text);
}

/** A link within this site. */
export function link(href: string, text: string): HTMLAnchorElement {
  const anchor = document.createElement("a");
  anchor.href = href;
  anchor.textContent = text;
  return anchor;
}

function made(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}
