// ln of Poisson and negative binomial probabilities in Loader's saddle-point form: deviances and Stirling errors, never
// n ln b - b - lnGamma(n + 1), whose f32 error is 0.1 at n = 1e5. Twin: src/stats/poisson.ts. Error in ln p below
// 1e-6 + 4e-7 |ln p|. Needs exp.wgsl, log1p.wgsl, deviance.wgsl.

const LN_2PI = 1.8378770664093453;

/// lnGamma(x + 1) - [(x + 1/2) ln x - x + ln(2 pi)/2], x >= 1 (real).
fn stirling_error(x: f32) -> f32 {
  var y = x;
  var shift = 0.0;
  for (; y < 6.0; y += 1.0) { shift += (y + 0.5) * log1p_accurate(1.0 / y) - 1.0; }
  let w = 1.0 / (y * y);
  return shift + (0.083333333 - w * (0.0027777778 - w * 0.00079365079)) / y;
}

fn ln_poisson(n: f32, mean: f32) -> f32 {
  if (n == 0.0) { return -mean; }
  if (mean == 0.0) { return -1e30; }
  return -stirling_error(n) - deviance(n, mean) - 0.5 * (LN_2PI + log(n));
}

/// ln of Gamma(k + n)/(Gamma(k) n!) p^k (1 - p)^n, odds = (1 - p)/p: the count of Poisson(odds G), G ~ Gamma(k, 1).
fn ln_negative_binomial(n: f32, k: f32, odds: f32) -> f32 {
  if (n == 0.0) { return -k * log1p_accurate(odds); }
  if (odds == 0.0) { return -1e30; }
  let total = k + n;
  let of_shape = deviance(k, total / (1.0 + odds));
  let of_count = deviance(n, total * (odds / (1.0 + odds)));
  return stirling_error(total) - stirling_error(k) - stirling_error(n) - of_shape - of_count
    - 0.5 * (LN_2PI + log(n) + log(total / k));
}
