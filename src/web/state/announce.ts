/** Progress for those who listen: a sentence that changes with the stage and every 10 %. */
import { stageWords } from '../../scan/stage-words.ts';
import type { Scanned } from './page.ts';
import type { RunningStage } from './measured.ts';

const STEP_PERCENT = 10;

export function announcement(running: RunningStage | undefined, scanned: Scanned | undefined): string {
  if (running === undefined) return scanned === undefined ? '' : 'scan finished';
  const { stage, done, total } = running;
  if (total <= 1) return stageWords(stage);
  return `${stageWords(stage)} ${Math.floor((100 * done) / total / STEP_PERCENT) * STEP_PERCENT} %`;
}
