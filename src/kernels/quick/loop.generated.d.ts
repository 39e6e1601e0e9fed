/** WebAssembly module of wasm/spectrum_quick.ts, base64. */
export declare const QUICK_WASM: string;
