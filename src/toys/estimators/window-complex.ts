/**
 * Neighbours of the windows of a plane as a complex of vertices, edges and triangles, on the real lattice
 * (model/lattice.ts): windows stand in columns of x with steps that change over the plane, borders and holes. The strip
 * between two columns is triangulated by walking up both and taking the shorter diagonal each time, with heights
 * compared along the regression line of y on x, as the lattice is sheared. So no general triangulation (Delaunay) is
 * needed, whose notion of distance would have to be one for the whole plane. Edges longer than 1.6 steps in units of the
 * resolution join no neighbours: a hole or a border lies between. A triangle counts when its three edges do.
 */
import { quadraticForm } from '../../model/ellipse.ts';
import type { WindowSet } from '../../model/windows.ts';

export interface Complex {
  readonly vertices: number;
  /** [nEdges][2] */
  readonly edges: Uint32Array;
  /** [nFaces][4] corners; a triangle repeats its last one. */
  readonly faces: Uint32Array;
  /** [..][3] neighbours in a row: how smooth a field is along the lattice. */
  readonly rows: Uint32Array;
}

/** Longest edge in steps: the longest diagonal of a square lattice has sqrt(2), a neighbour beyond a gap 2. */
const LONGEST_EDGE = 1.6;

/** V - E + F of the part of the complex whose corners are all inside: `inside[w]` is 1 or 0. */
export function eulerCharacteristic({ vertices, edges, faces }: Complex, inside: Uint8Array): number {
  let phi = 0;
  for (let v = 0; v < vertices; v++) phi += inside[v];
  for (let e = 0; e < edges.length; e += 2) phi -= inside[edges[e]] & inside[edges[e + 1]];
  for (let f = 0; f < faces.length; f += 4) {
    phi += inside[faces[f]] & inside[faces[f + 1]] & inside[faces[f + 2]] & inside[faces[f + 3]];
  }
  return phi;
}

/** The complex of a window lattice, or why there is none. */
export function windowComplex(windows: WindowSet): Complex | string {
  if (windows.kind !== 'ellipses') return 'wrong dimension: the Euler characteristic needs a scan of a plane';
  const columns = columnsOf(windows);
  if (columns.length > 0.5 * windows.count) return 'the windows do not stand in columns of x: no lattice to count on';
  const step = stepInResolutions(windows, columns);
  if (step === undefined) return 'no column has two windows: no lattice to count on';
  return triangulate(windows, columns, LONGEST_EDGE * step);
}

/** Windows of equal x, each column by ascending y. */
function columnsOf({ x, y, count }: WindowSet): number[][] {
  const order = Array.from({ length: count }, (_, w) => w).sort((i, j) => x[i] - x[j] || y[i] - y[j] || i - j);
  const columns: number[][] = [];
  order.forEach((w, k) => {
    if (k === 0 || x[w] !== x[order[k - 1]]) columns.push([]);
    columns[columns.length - 1].push(w);
  });
  return columns;
}

/** Distance of two windows in units of the resolution, its quadratic form averaged over both. */
function distance(windows: WindowSet, i: number, j: number): number {
  const { x, y, rxx, rxy, ryy } = windows;
  const mean = (r: Float64Array) => (r[i] + r[j]) / 2;
  return Math.sqrt(Math.max(0, quadraticForm(mean(rxx), mean(rxy), mean(ryy), x[j] - x[i], y[j] - y[i])));
}

/** Median distance of neighbours inside columns. */
function stepInResolutions(windows: WindowSet, columns: readonly number[][]): number | undefined {
  const steps = columns.flatMap((column) => column.slice(1).map((w, k) => distance(windows, column[k], w)));
  steps.sort((p, q) => p - q);
  return steps[steps.length >> 1];
}

function triangulate(windows: WindowSet, columns: readonly number[][], longest: number): Complex {
  const edges: number[] = [];
  const faces: number[] = [];
  const rows: number[] = [];
  const isEdge = (i: number, j: number) => distance(windows, i, j) <= longest;
  const addEdge = (i: number, j: number) => {
    if (isEdge(i, j)) edges.push(i, j);
  };
  const addFace = (i: number, j: number, k: number) => {
    if (isEdge(i, j) && isEdge(j, k) && isEdge(i, k)) faces.push(i, j, k, k);
  };
  columns.forEach((left, c) => {
    for (let i = 1; i < left.length; i++) addEdge(left[i - 1], left[i]);
    for (let i = 2; i < left.length; i++) {
      const [p, q, r] = left.slice(i - 2, i + 1);
      if (isEdge(p, q) && isEdge(q, r)) rows.push(p, q, r);
    }
    const right = columns[c + 1];
    if (right === undefined) return;
    let [i, j] = [0, 0];
    addEdge(left[0], right[0]);
    while (i + 1 < left.length || j + 1 < right.length) {
      const upLeft = i + 1 < left.length ? distance(windows, left[i + 1], right[j]) : Infinity;
      const upRight = j + 1 < right.length ? distance(windows, left[i], right[j + 1]) : Infinity;
      if (upLeft <= upRight) {
        addFace(left[i], left[i + 1], right[j]);
        i++;
      } else {
        addFace(left[i], right[j], right[j + 1]);
        j++;
      }
      addEdge(left[i], right[j]);
    }
  });
  const lists = { edges: Uint32Array.from(edges), faces: Uint32Array.from(faces), rows: Uint32Array.from(rows) };
  return { vertices: windows.count, ...lists };
}
