/** Stages of scans, which engines name after kernels, as people read them. */
const WORDS: Readonly<Record<string, string>> = {
  prepare: 'preparing',
  windows: 'windows',
  marginal_p0: 'local p0',
  on_off_p0: 'local p0',
  profile_p0: 'local p0',
  profile_limit: 'limits',
  predictive_quantiles: 'expected counts',
  bayes_limit: 'limits',
};

/** Those that are words already stay. */
export function stageWords(stage: string): string {
  return WORDS[stage] ?? stage;
}
