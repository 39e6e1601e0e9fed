/** Linear algebra of K <= 12 coordinates, four toys side by side in the lanes: H = L D L^T. */
import { HESSIAN_ROW } from './quick_passes';

/** Rows of L below the diagonal, 1/D on it. A lane keeps its old factor where `mask` is 0. */
export function decompose(hessian: usize, factor: usize, columns: i32, mask: v128, leastPivot: f32): v128 {
  const least = f32x4.splat(leastPivot);
  const one = f32x4.splat(1);
  let isGood = mask;
  for (let k = 0; k < columns; k++) {
    const row = hessian + k * HESSIAN_ROW;
    let pivot = v128.load(row + (k << 4));
    for (let l = 0; l < k; l++) {
      // row[j] holds L_kj D_j for j < l
      let value = v128.load(row + (l << 4));
      const other = hessian + l * HESSIAN_ROW;
      for (let j = 0; j < l; j++) {
        value = f32x4.sub(value, f32x4.mul(v128.load(row + (j << 4)), v128.load(other + (j << 4))));
      }
      v128.store(row + (l << 4), value);
    }
    for (let l = 0; l < k; l++) {
      const value = v128.load(row + (l << 4));
      const share = f32x4.mul(value, v128.load(hessian + l * HESSIAN_ROW + (l << 4)));
      pivot = f32x4.sub(pivot, f32x4.mul(value, share));
      v128.store(row + (l << 4), share);
    }
    isGood = v128.and(isGood, f32x4.gt(pivot, least));
    v128.store(row + (k << 4), f32x4.div(one, pivot));
  }
  for (let k = 0; k < columns; k++) {
    for (let at = k * HESSIAN_ROW, end = at + ((k + 1) << 4); at < end; at += 16) {
      v128.store(factor + at, v128.bitselect(v128.load(hessian + at), v128.load(factor + at), mask));
    }
  }
  return isGood;
}

/** step = -H^-1 gradient; returns gradient H^-1 gradient. */
export function solve(factor: usize, gradient: usize, step: usize, columns: i32): v128 {
  let decrement = f32x4.splat(0);
  for (let k = 0; k < columns; k++) {
    const row = factor + k * HESSIAN_ROW;
    let value = f32x4.neg(v128.load(gradient + (k << 4)));
    for (let j = 0; j < k; j++) {
      value = f32x4.sub(value, f32x4.mul(v128.load(row + (j << 4)), v128.load(step + (j << 4))));
    }
    v128.store(step + (k << 4), value);
    decrement = f32x4.add(decrement, f32x4.mul(f32x4.mul(value, value), v128.load(row + (k << 4))));
  }
  for (let k = 0; k < columns; k++) {
    const at = step + (k << 4);
    v128.store(at, f32x4.mul(v128.load(at), v128.load(factor + k * HESSIAN_ROW + (k << 4))));
  }
  substituteBack(factor, step, columns);
  return decrement;
}

/** x = L^-T x */
export function substituteBack(factor: usize, x: usize, columns: i32): void {
  for (let k = columns - 2; k >= 0; k--) {
    let value = v128.load(x + (k << 4));
    for (let j = k + 1; j < columns; j++) {
      value = f32x4.sub(value, f32x4.mul(v128.load(factor + j * HESSIAN_ROW + (k << 4)), v128.load(x + (j << 4))));
    }
    v128.store(x + (k << 4), value);
  }
}
