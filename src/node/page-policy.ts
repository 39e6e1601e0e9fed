/** What browsers may do with the page: one policy for its own meta element and for the headers of `darkscan serve`. */

/** Content-security policy of the page: its own files only, no inline code, WebAssembly of the kernels allowed. */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self'",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');
