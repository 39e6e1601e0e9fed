/** Shader text as a module: Node hook in development, Vite plugin in tests, plain JavaScript in dist. */
declare module '*.wgsl' {
  const source: string;
  export default source;
}
