// Poisson counts of all bins of toy base + i: item = toy * n_bins + bin, one invocation each. Formula, tables and twin:
// src/kernels/spectrum_throw.ts; integers only, so the counts are those of the twin. Up to 2^32 - 1 items in a call.
// Cost: one Philox block (about 220 integer operations) and log2 of 18 standard deviations reads of totals.

const TOTAL_DRAW = 0xffffffffu;

@compute @workgroup_size(WORKGROUP_SIZE)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= params.count) { return; }
  let item = params.first + id.x;
  let toy = item / params.n_bins;
  let bin = item - toy * params.n_bins;
  let low = params.base_low + toy;
  let high = params.base_high + select(0u, 1u, low < params.base_low);
  let words = philox(vec4u(low, high, params.first_bin + bin, TOTAL_DRAW));
  counts[item] = draw_total(tables[3u * bin], tables[3u * bin + 1u], tables[3u * bin + 2u], words.x, words.y);
}
