/** Name under which a table of the card is kept once it is read: the file, and the tree where it has several. */
export function tableKey({ file, tree }: { readonly file: string; readonly tree?: string }): string {
  return tree === undefined ? file : `${file}:${tree}`;
}
