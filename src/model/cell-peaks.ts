/** How large a density is in the cells of a fine lattice: the weights and bounds events are drawn with. */
import type { FineLattice } from './fine-lattice.ts';
import type { PlaneFunction } from './plane-function.ts';

/** [cellCount] area of each cell (length in 1D) times the largest density at its centre and corners. */
export function cellPeaks(lattice: FineLattice, density: PlaneFunction): Float64Array {
  const peaks = new Float64Array(lattice.cellCount);
  const columns = lattice.slope.length;
  const most = lattice.slope.reduce((m, _, c) => Math.max(m, lattice.firstCell[c + 1] - lattice.firstCell[c]), 0);
  const [x, y, left, right, centre] = Array.from({ length: 5 }, () => new Float64Array(most + 1));

  /** Density at the heights, shifted, of a column of points. */
  function along(px: number, heights: Float64Array, shift: number, out: Float64Array): void {
    for (let k = 0; k < heights.length; k++) {
      x[k] = px;
      y[k] = heights[k] + shift;
    }
    density(x, y, heights.length, out);
  }

  for (let c = 0; c < columns; c++) {
    const [x0, x1] = [lattice.xEdges[c], lattice.xEdges[c + 1]];
    const lean = (lattice.slope[c] * (x1 - x0)) / 2;
    const first = lattice.firstCell[c];
    const cells = lattice.firstCell[c + 1] - first;
    const edges = lattice.yEdges.subarray(first + c, first + c + cells + 1);

    // The top corners of a cell are the bottom ones of the next.
    along(x0, edges, -lean, left);
    along(x1, edges, lean, right);
    const middles = edges.subarray(0, cells).map((low, k) => (low + edges[k + 1]) / 2);
    along((x0 + x1) / 2, middles, 0, centre);
    for (let k = 0; k < cells; k++) {
      const peak = Math.max(left[k], right[k], left[k + 1], right[k + 1], centre[k]);
      peaks[first + k] = peak * (x1 - x0) * (lattice.is2D ? edges[k + 1] - edges[k] : 1);
    }
  }
  return peaks;
}
