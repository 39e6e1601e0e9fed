/**
 * Passes over the rows of one hypothesis for the fits of spectrum_quick (wasm/spectrum_quick.ts): four toys side by side in
 * the lanes, a row of the plan (f32) the same for all four. W, R: numbers of columns and rows, as sizes of classes, so
 * that the compiler writes them out.
 */

@unmanaged
class One {
  a: u8;
}
@unmanaged
class Two extends One {
  b: u8;
}
@unmanaged
class Three extends Two {
  c: u8;
}
@unmanaged
class Four extends Three {
  d: u8;
}
@unmanaged
class Five extends Four {
  e: u8;
}
@unmanaged
class Six extends Five {
  f: u8;
}

/** Bytes from one row of the Hessian to the next: room for the most parameters. */
export const HESSIAN_ROW: i32 = 12 * 16;

/** out_i = (isFirst ? 0 : out_i) + sum_k g_ik x_k over `columns` columns from `row` on. */
export function combine(row: usize, stride: usize, nRows: i32, columns: i32, x: usize, out: usize): void {
  combineSome(row, stride, nRows, min(columns, 6), x, out, true);
  if (columns > 6) combineSome(row + 24, stride, nRows, columns - 6, x + 96, out, false);
}

function combineSome(row: usize, stride: usize, nRows: i32, w: i32, x: usize, out: usize, isFirst: bool): void {
  if (w === 1) combineAll<One>(row, stride, nRows, x, out, isFirst);
  else if (w === 2) combineAll<Two>(row, stride, nRows, x, out, isFirst);
  else if (w === 3) combineAll<Three>(row, stride, nRows, x, out, isFirst);
  else if (w === 4) combineAll<Four>(row, stride, nRows, x, out, isFirst);
  else if (w === 5) combineAll<Five>(row, stride, nRows, x, out, isFirst);
  else combineAll<Six>(row, stride, nRows, x, out, isFirst);
}

function combineAll<W>(row: usize, stride: usize, nRows: i32, x: usize, out: usize, isFirst: bool): void {
  const zero = f32x4.splat(0);
  const x0 = v128.load(x);
  const x1 = offsetof<W>() > 1 ? v128.load(x, 16) : zero;
  const x2 = offsetof<W>() > 2 ? v128.load(x, 32) : zero;
  const x3 = offsetof<W>() > 3 ? v128.load(x, 48) : zero;
  const x4 = offsetof<W>() > 4 ? v128.load(x, 64) : zero;
  const x5 = offsetof<W>() > 5 ? v128.load(x, 80) : zero;
  for (const end = out + ((nRows as usize) << 4); out < end; out += 16, row += stride) {
    let sum = f32x4.mul(v128.load32_splat(row), x0);
    if (offsetof<W>() > 1) sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(row, 4), x1));
    if (offsetof<W>() > 2) sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(row, 8), x2));
    if (offsetof<W>() > 3) sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(row, 12), x3));
    if (offsetof<W>() > 4) sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(row, 16), x4));
    if (offsetof<W>() > 5) sum = f32x4.add(sum, f32x4.mul(v128.load32_splat(row, 20), x5));
    v128.store(out, isFirst ? sum : f32x4.add(v128.load(out), sum));
  }
}

/** out_k = sum_i p_i g_ik. */
export function project(row: usize, stride: usize, nRows: i32, columns: i32, p: usize, out: usize): void {
  projectSome(row, stride, nRows, min(columns, 6), p, out);
  if (columns > 6) projectSome(row + 24, stride, nRows, columns - 6, p, out + 96);
}

function projectSome(row: usize, stride: usize, nRows: i32, w: i32, p: usize, out: usize): void {
  if (w === 1) projectAll<One>(row, stride, nRows, p, out);
  else if (w === 2) projectAll<Two>(row, stride, nRows, p, out);
  else if (w === 3) projectAll<Three>(row, stride, nRows, p, out);
  else if (w === 4) projectAll<Four>(row, stride, nRows, p, out);
  else if (w === 5) projectAll<Five>(row, stride, nRows, p, out);
  else projectAll<Six>(row, stride, nRows, p, out);
}

function projectAll<W>(row: usize, stride: usize, nRows: i32, p: usize, out: usize): void {
  let s0 = f32x4.splat(0);
  let s1 = s0;
  let s2 = s0;
  let s3 = s0;
  let s4 = s0;
  let s5 = s0;
  for (const end = p + ((nRows as usize) << 4); p < end; p += 16, row += stride) {
    const value = v128.load(p);
    s0 = f32x4.add(s0, f32x4.mul(v128.load32_splat(row), value));
    if (offsetof<W>() > 1) s1 = f32x4.add(s1, f32x4.mul(v128.load32_splat(row, 4), value));
    if (offsetof<W>() > 2) s2 = f32x4.add(s2, f32x4.mul(v128.load32_splat(row, 8), value));
    if (offsetof<W>() > 3) s3 = f32x4.add(s3, f32x4.mul(v128.load32_splat(row, 12), value));
    if (offsetof<W>() > 4) s4 = f32x4.add(s4, f32x4.mul(v128.load32_splat(row, 16), value));
    if (offsetof<W>() > 5) s5 = f32x4.add(s5, f32x4.mul(v128.load32_splat(row, 20), value));
  }
  v128.store(out, s0);
  if (offsetof<W>() > 1) v128.store(out, s1, 16);
  if (offsetof<W>() > 2) v128.store(out, s2, 32);
  if (offsetof<W>() > 3) v128.store(out, s3, 48);
  if (offsetof<W>() > 4) v128.store(out, s4, 64);
  if (offsetof<W>() > 5) v128.store(out, s5, 80);
}

/** out_kl = sum_i c_i g_ik g_il, l <= k; what lies above the diagonal is not meant. Two rows at a time. */
export function square(row: usize, stride: usize, nRows: i32, columns: i32, c: usize, out: usize): void {
  for (let k = 0; k < columns; k += 2) {
    const isPair = k + 1 < columns;
    const width = isPair ? k + 2 : k + 1;
    for (let l = 0; l < width;) {
      const at = out + k * HESSIAN_ROW + (l << 4);
      const rest = width - l;
      if (isPair) {
        if (rest > 2) tile<Two, Four>(row, stride, nRows, k, l, c, at);
        else tile<Two, Two>(row, stride, nRows, k, l, c, at);
        l += 4;
      } else if (rest === 5) {
        tile<One, Five>(row, stride, nRows, k, l, c, at);
        l += 5;
      } else {
        if (rest > 3) tile<One, Four>(row, stride, nRows, k, l, c, at);
        else if (rest > 1) tile<One, Three>(row, stride, nRows, k, l, c, at);
        else tile<One, One>(row, stride, nRows, k, l, c, at);
        l += 4;
      }
    }
  }
}

/** Rows k (and k + 1), columns l .. l + W - 1. */
function tile<R, W>(row: usize, stride: usize, nRows: i32, k: i32, l: i32, c: usize, out: usize): void {
  let a0 = f32x4.splat(0);
  let a1 = a0;
  let a2 = a0;
  let a3 = a0;
  let a4 = a0;
  let b0 = a0;
  let b1 = a0;
  let b2 = a0;
  let b3 = a0;
  let left = row + (k << 2);
  let right = row + (l << 2);
  for (const end = c + ((nRows as usize) << 4); c < end; c += 16, left += stride, right += stride) {
    const weight = v128.load(c);
    const a = f32x4.mul(weight, v128.load32_splat(left));
    const b = offsetof<R>() > 1 ? f32x4.mul(weight, v128.load32_splat(left, 4)) : a;
    const r0 = v128.load32_splat(right);
    a0 = f32x4.add(a0, f32x4.mul(a, r0));
    if (offsetof<R>() > 1) b0 = f32x4.add(b0, f32x4.mul(b, r0));
    if (offsetof<W>() > 1) {
      const r1 = v128.load32_splat(right, 4);
      a1 = f32x4.add(a1, f32x4.mul(a, r1));
      if (offsetof<R>() > 1) b1 = f32x4.add(b1, f32x4.mul(b, r1));
    }
    if (offsetof<W>() > 2) {
      const r2 = v128.load32_splat(right, 8);
      a2 = f32x4.add(a2, f32x4.mul(a, r2));
      if (offsetof<R>() > 1) b2 = f32x4.add(b2, f32x4.mul(b, r2));
    }
    if (offsetof<W>() > 3) {
      const r3 = v128.load32_splat(right, 12);
      a3 = f32x4.add(a3, f32x4.mul(a, r3));
      if (offsetof<R>() > 1) b3 = f32x4.add(b3, f32x4.mul(b, r3));
    }
    if (offsetof<W>() > 4) a4 = f32x4.add(a4, f32x4.mul(a, v128.load32_splat(right, 16)));
  }
  v128.store(out, a0);
  if (offsetof<W>() > 1) v128.store(out, a1, 16);
  if (offsetof<W>() > 2) v128.store(out, a2, 32);
  if (offsetof<W>() > 3) v128.store(out, a3, 48);
  if (offsetof<W>() > 4) v128.store(out, a4, 64);
  if (offsetof<R>() > 1) {
    v128.store(out, b0, HESSIAN_ROW);
    if (offsetof<W>() > 1) v128.store(out, b1, HESSIAN_ROW + 16);
    if (offsetof<W>() > 2) v128.store(out, b2, HESSIAN_ROW + 32);
    if (offsetof<W>() > 3) v128.store(out, b3, HESSIAN_ROW + 48);
  }
}
