// ln P(N >= n) and ln P(N < n) of a Poisson (shape 0) or negative binomial count: the smaller tail as a series of
// positive terms, the other as 1 minus it. Twin: src/kernels/shared/count-tail.ts. Needs exp.wgsl, log1p.wgsl, count_pmf.wgsl.

const LN_ZERO = -1e30;
const MAX_TERMS = 20000u;

struct Tails { upper: f32, lower: f32, complete: bool }

fn ln_pmf(j: f32, mean: f32, shape: f32) -> f32 {
  if (shape > 0.0) { return ln_negative_binomial(j, shape, mean); }
  return ln_poisson(j, mean);
}

fn ln_add(a: f32, b: f32) -> f32 {
  let high = max(a, b);
  return high + log1p_accurate(exp_accurate(min(a, b) - high));
}

/// ln(1 - e^x), x <= 0.
fn ln_1m_exp(x: f32) -> f32 {
  if (x >= 0.0) { return LN_ZERO; }
  if (x > -1e-3) { return log(-x * (1.0 + 0.5 * x)); }
  return log1p_accurate(-exp_accurate(x));
}

/// n >= 1.
fn ln_tails(n: f32, mean: f32, shape: f32) -> Tails {
  let q = mean / (1.0 + mean);
  let middle = select(mean, shape * mean, shape > 0.0);
  var term = 1.0;
  var sum = 1.0;
  var terms = 0u;
  if (middle < n) {
    for (var j = n; term > 1e-8 * sum && terms < MAX_TERMS; j += 1.0) {
      term *= select(mean, (shape + j) * q, shape > 0.0) / (j + 1.0);
      sum += term;
      terms++;
    }
    let upper = min(0.0, ln_pmf(n, mean, shape) + log(sum));
    return Tails(upper, ln_1m_exp(upper), terms < MAX_TERMS);
  }
  for (var j = n - 1.0; j > 0.0 && term > 1e-8 * sum && terms < MAX_TERMS; j -= 1.0) {
    term *= j / select(mean, (shape + j - 1.0) * q, shape > 0.0);
    sum += term;
    terms++;
  }
  let lower = min(0.0, ln_pmf(n - 1.0, mean, shape) + log(sum));
  return Tails(ln_1m_exp(lower), lower, terms < MAX_TERMS);
}
