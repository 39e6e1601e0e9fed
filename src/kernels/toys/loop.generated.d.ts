/** WebAssembly module of wasm/toy_loop.ts, base64. */
export declare const LOOP_WASM: string;
