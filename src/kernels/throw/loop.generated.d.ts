/** WebAssembly module of wasm/spectrum_throw.ts, base64. */
export declare const THROW_WASM: string;
