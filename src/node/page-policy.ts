/** What browsers may do with the page: one policy for its own meta element and for the headers of `darkscan serve`. */

/**
 * Content-security policy of the page: its own files only, no inline code, WebAssembly of the kernels allowed. Workers
 * start from blobs (src/web/engine/start-worker.ts): those inherit this policy whatever server the page comes from.
 */
export const PAGE_POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "connect-src 'self'",
  "style-src 'self'",
  "img-src 'self' blob: data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

/**
 * Headers of every answer of `darkscan serve`: the policy also for what is no page; the first two give workers shared
 * memory; no other site may frame, embed or read anything.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': `${PAGE_POLICY}; frame-ancestors 'none'`,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};
