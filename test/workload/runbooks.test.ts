// The shelf of runbooks, the search over it, and the notes that name the files.
import { describe, expect, it } from "vitest";
import { CHECKOUT_FILES } from "../../src/workload/checkout-source.ts";
import { NOTES } from "../../src/workload/notes.ts";
import { RUNBOOKS } from "../../src/workload/runbooks.ts";
import { searchRunbooks } from "../../src/workload/search-runbooks.ts";

const RELEVANT = "checkout-session-without-cart";

describe("the runbooks", () => {
  it("are at least seven pages, each with a slug of its own", () => {
    expect(RUNBOOKS.length).toBeGreaterThanOrEqual(7);
    expect(new Set(RUNBOOKS.map(({ slug }) => slug)).size).toBe(RUNBOOKS.length);
  });

  it("advise one status and one code, on one page", () => {
    const advising = RUNBOOKS.filter(({ body }) => /\berror code\b/.test(body));
    expect(advising.map(({ slug }) => slug)).toEqual([RELEVANT]);
    expect(advising[0]?.body.match(/`\d{3}`/g)).toEqual(["`400`"]);
  });
});

describe("searchRunbooks", () => {
  it.each([
    "checkout 500 Cannot read properties of undefined (reading 'items')",
    "/checkout checkout, session without cart 500 Cannot read properties of undefined (reading 'items')",
    "session without cart",
    "checkout errors after cart expired",
  ])("finds the relevant page first for %j", (query) => {
    expect(searchRunbooks(query)[0]?.slug).toBe(RELEVANT);
  });

  it("finds other pages for other questions", () => {
    expect(searchRunbooks("certificate renewal")[0]?.slug).toBe("tls-renewal");
    expect(searchRunbooks("slow query index")[0]?.slug).toBe("d1-slow-queries");
  });

  it("gives no more than the limit, best first", () => {
    const scores = searchRunbooks("checkout customers", 5).map(({ score }) => score);
    expect(scores.length).toBeGreaterThan(1);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    expect(searchRunbooks("checkout customers", 1)).toHaveLength(1);
    expect(searchRunbooks("checkout", 0)).toEqual([]);
    expect(searchRunbooks("checkout", -2)).toEqual([]);
    expect(searchRunbooks("checkout", Number.NaN).length).toBeGreaterThan(0);
  });

  it.each([
    "",
    "   ",
    "***",
    '"',
    "(",
    "[a-",
    "\\",
    "\u0000",
    "\ud800",
    "AND OR NOT",
    "zzzz qqqq",
    "x".repeat(100_000),
  ])("copes with the query %#", (query) => {
    expect(() => searchRunbooks(query)).not.toThrow();
  });

  it("searches the pages it is given", () => {
    const pages = [{ slug: "only", title: "Only page", body: "About ferrets." }];
    expect(searchRunbooks("ferrets", 3, pages).map(({ slug }) => slug)).toEqual(["only"]);
    expect(searchRunbooks("certificate", 3, pages)).toEqual([]);
  });
});

describe("the notes", () => {
  it("name every file of the checkout in a list", () => {
    const named = NOTES.flatMap(({ body }) => [...body.matchAll(/^- `([^`]+)`/gm)].map(([, path]) => path));
    expect(named.filter((path) => path?.endsWith(".js")).toSorted()).toEqual(
      Object.keys(CHECKOUT_FILES).toSorted(),
    );
  });
});
