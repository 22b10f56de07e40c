import { hangUp } from './browser.ts';
import { endOnce } from './ending.ts';
import type { Figure, Measured } from './figure.ts';
import { bookAck, bookToDone } from './figures/bookToDone.ts';
import { dayPage } from './figures/dayPage.ts';
import { gapFind } from './figures/gapFind.ts';
import { growth } from './figures/growth.ts';
import { history } from './figures/history.ts';
import { hotSlot } from './figures/hotSlot.ts';
import { idle } from './figures/idle.ts';
import { memory } from './figures/memory.ts';
import { open } from './figures/open.ts';
import { practices } from './figures/practices.ts';
import { recovery } from './figures/recovery.ts';
import { restart } from './figures/restart.ts';
import { timerBurst } from './figures/timerBurst.ts';
import { webhook } from './figures/webhook.ts';
import { workers } from './figures/workers.ts';
import { openGround } from './ground.ts';
import { machine, short, tableOf } from './table.ts';

/** Measures the figures that are named, or all of them; ends by itself and leaves nothing behind. */
const figures: Figure[] = [
  bookToDone,
  bookAck,
  gapFind,
  hotSlot,
  open,
  dayPage,
  memory,
  history,
  growth,
  recovery,
  webhook,
  idle,
  restart,
];
/** Long, and measured only when they are named. */
const named: Figure[] = [practices, timerBurst, workers];
const longestMs = 40 * 60_000;

/** For trying a figure: a share of what it otherwise counts (`--share=0.1`). Such numbers say nothing. */
const share = Number(optionOf('share') ?? 1);
const asJson = process.argv.includes('--json');
const names = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const all = [...figures, ...named];
const unknown = names.filter((name) => !all.some((figure) => figure.name === name));
if (unknown.length > 0) {
  console.error(`No figure is called ${unknown.join(', ')}; there are ${all.map(({ name }) => name).join(', ')}.`);
  process.exit(2);
}
const wanted = names.length === 0 ? figures : all.filter(({ name }) => names.includes(name));

const began = Date.now();
const say = (line: string) =>
  console.error(`${String(Math.round((Date.now() - began) / 1000)).padStart(4)} s  ${line}`);
/** Where a Temporal server that keeps its state in PostgreSQL was built (docs/figures.md). */
const temporal = optionOf('temporal');
const ground = openGround(say, share, temporal);
const results: { figure: Figure; measured: Measured }[] = [];
const { end, fail } = endOnce(async () => {
  tell();
  await (await ground).clearAway();
});
setTimeout(() => {
  console.error('The bench took longer than it may.');
  void end(1);
}, longestMs).unref();

try {
  for (const figure of wanted) {
    say(`${figure.name}: ${figure.what}`);
    try {
      const measured = await figure.measure(await ground);
      results.push({ figure, measured });
      say(`${figure.name}: ${short(measured.ours.p50)} ${figure.unit}, ${measured.pass ? 'met' : 'missed'}`);
    } finally {
      hangUp();
      await (await ground).endFigure();
    }
  }
  await end(0);
} catch (error) {
  await fail(error);
}

/** What has been measured, once, also where the rest was stopped or went wrong. */
function tell(): void {
  if (results.length === 0) return;
  console.log(`\n${machine()}${temporal ? ', Temporal on PostgreSQL' : ''}\n\n${tableOf(results)}\n`);
  for (const { figure, measured } of results)
    for (const note of measured.notes ?? []) console.log(`${figure.name}: ${note}`);
  if (asJson) {
    for (const { figure, measured } of results) {
      const { name, unit, better, target } = figure;
      const { notes: _, ...values } = measured;
      console.log(JSON.stringify({ name, unit, ...values, better, target }));
    }
  }
}

function optionOf(option: string): string | undefined {
  return process.argv.find((word) => word.startsWith(`--${option}=`))?.split('=')[1];
}
