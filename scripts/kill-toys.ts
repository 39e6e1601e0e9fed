/**
 * kill -9 in the middle of a campaign of toys, 100 times (tests/cli/toys-kill.test.ts does 6):
 *   npx tsx scripts/kill-toys.ts [times] [card]
 * Ends with an error when a finished shard was lost or changed, or when any shard is not whole.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { killCampaign } from '../tests/support/kill-campaign.ts';
import { uniforms } from '../tests/unit/model/helpers.ts';
import { LINE_TOYS } from '../tests/unit/toys/toy-setup.ts';

const [times = '100', card] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), 'darkscan-kill-'));
try {
  writeFileSync(join(folder, 'card.yaml'), LINE_TOYS);
  const named = card === undefined ? 'card.yaml' : resolve(card);
  const args = [named, '--backend', 'cpu', '--no-plots', '--quiet', '--n', '1e12', '--shard-size', '5000'];
  const { killed, finished, kept } = await killCampaign(folder, args, Number(times), uniforms(Date.now()));
  console.log(`${killed} kills, ${finished} runs had ended before; ${kept.at(-1)} toys kept, every shard whole`);
} finally {
  rmSync(folder, { recursive: true });
}
