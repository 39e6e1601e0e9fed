export const BUNDLE_FILE: string;
/** JavaScript text of the bundle. */
export function bundleText(): Promise<string>;
