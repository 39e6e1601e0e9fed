/** Our side of bench/peers/run.sh: limits of the benchmark model, timed after one warm-up; JSON on stdout. */
import { chooseBackend } from '../../src/engine/choose-backend.ts';
import { nodePlatform } from '../../src/node/platform.ts';
import { evaluateWindows } from '../../src/scan/evaluate-windows.ts';
import { measure } from '../support/measure.ts';
import { benchModel, SIZES, STATISTICS } from '../support/model.ts';

const windows = Number(process.argv[2] ?? 2000);
const model = benchModel(windows);
const { backend } = await chooseBackend({ backend: 'cpu' }, nodePlatform);
await evaluateWindows(model, STATISTICS, backend);
let limits = new Float64Array(0);
const timing = await measure(5, async () => {
  limits = (await evaluateWindows(model, STATISTICS, backend)).limits[0].observed;
});
await backend.close();
const { sensitivity, components } = model;
const inputs = { n: Array.from(model.n), b0: Array.from(components[0].b0), s0: sensitivity[0], sizes: SIZES };
console.log(JSON.stringify({ ...timing, ...STATISTICS.limits[0], ...inputs, limits: Array.from(limits) }));
