// Plain JSON data: all that crosses the port between a domain and the engine.

/** Plain JSON data. Numbers are finite doubles, texts have no lone surrogates. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
