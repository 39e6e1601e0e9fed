// Predictive distribution of the background count in one lane, M_j = E_b[Poisson(j; b)], j = 0 .. size - 1, written to
// scratch[at ..] times exp(-ln scale); `leaked` events are taken off the side band of the first component. Twin and
// explanation: src/kernels/shared/count-mixture.ts. Uses the plan bindings
// (lanes, components, component_values, nodes, scratch). Needs exp.wgsl, log1p.wgsl, count_pmf.wgsl.

const NEGLIGIBLE = 1e-12;

fn term_start(mean: f32, shape: f32, size: u32) -> u32 {
  let mode = select(mean, (shape - 1.0) * mean, shape > 0.0);
  return min(size - 1u, u32(clamp(floor(mode), 0.0, 4e9)));
}

fn ln_term(j: u32, mean: f32, shape: f32) -> f32 {
  if (shape > 0.0) { return ln_negative_binomial(f32(j), shape, mean); }
  return ln_poisson(f32(j), mean);
}

/// M_{j+1} / M_j of one node.
fn term_ratio(j: u32, mean: f32, shape: f32) -> f32 {
  if (shape > 0.0) { return (shape + f32(j)) * (mean / (1.0 + mean)) / f32(j + 1u); }
  return mean / f32(j + 1u);
}

fn component_mixture(component: u32, at: u32, size: u32, leaked: u32) -> f32 {
  let first = components[2u * component];
  let last = first + components[2u * component + 1u];
  let scale = component_values[2u * component];
  let shape = component_values[2u * component + 1u] - f32(leaked);
  var ln_scale = -1e30;
  for (var f = first; f < last; f++) {
    let mean = scale * nodes[3u * f];
    ln_scale = max(ln_scale, nodes[3u * f + 1u] + ln_term(term_start(mean, shape, size), mean, shape));
  }
  for (var j = 0u; j < size; j++) { scratch[at + j] = 0.0; }
  for (var f = first; f < last; f++) {
    let mean = scale * nodes[3u * f];
    let start = term_start(mean, shape, size);
    let top = exp_accurate(nodes[3u * f + 1u] + ln_term(start, mean, shape) - ln_scale);
    var term = top;
    for (var j = start; term > NEGLIGIBLE; j--) {
      scratch[at + j] += term;
      if (j == 0u) { break; }
      term /= term_ratio(j - 1u, mean, shape);
    }
    term = top;
    for (var j = start; j + 1u < size && term > NEGLIGIBLE; j++) {
      term *= term_ratio(j, mean, shape);
      scratch[at + j + 1u] += term;
    }
  }
  return ln_scale;
}

/// Counts of independent components add. From the top down no entry is needed after it changed.
fn convolve_into(at: u32, other: u32, size: u32) {
  for (var k = size; k > 0u; k--) {
    var sum = 0.0;
    for (var i = 0u; i < k; i++) { sum += scratch[at + k - 1u - i] * scratch[other + i]; }
    scratch[at + k - 1u] = sum;
  }
}

fn count_mixture(lane: u32, at: u32, size: u32, work: u32, leaked: u32) -> f32 {
  let first = lanes[4u * lane];
  var ln_scale = component_mixture(first, at, size, leaked);
  for (var c = 1u; c < lanes[4u * lane + 1u]; c++) {
    ln_scale += component_mixture(first + c, work, size, 0u);
    convolve_into(at, work, size);
  }
  return ln_scale;
}
