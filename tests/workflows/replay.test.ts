import { readdirSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Worker } from '@temporalio/worker';
import { beforeAll, describe, expect, it } from 'vitest';
import { installRuntime, workflowBundle } from '../engines/worker.ts';
import { historiesFolder } from './histories/histories.ts';

interface Recorded {
  name: string;
  history: { events: { eventId: string }[] };
}

const recorded: Recorded[] = readdirSync(historiesFolder).flatMap((generation) =>
  readdirSync(join(historiesFolder, generation)).map((file) => ({
    name: `${generation}/${file.replace('.json', '')}`,
    history: JSON.parse(readFileSync(join(historiesFolder, generation, file), 'utf8')),
  })),
);

let code: string;

beforeAll(async () => {
  installRuntime();
  code = await readFile(await workflowBundle(), 'utf8');
});

/** The names of the histories that the code does not fit, with what the engine says of it. */
async function misfits(workflows: string, histories = recorded): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  const asked = histories.map(({ name, history }) => ({ workflowId: name, history }));
  for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle: { code: workflows } }, asked))
    if (error) found.set(workflowId, error.message);
  return found;
}

/** The bundle with a change; it must be one. */
function changed(from: RegExp | string, to: string): string {
  const other = code.replaceAll(from, to);
  expect(other).not.toBe(code);
  return other;
}

describe('the workflow of today', () => {
  it('goes on from every recorded history, of each stage and generation', async () => {
    const stages = (generation: string) =>
      recorded.filter(({ name }) => name.startsWith(`${generation}/`)).map(({ name }) => name.slice(2));
    expect(stages('1').length).toBeGreaterThan(20);
    for (const later of ['2', '3']) expect(stages(later)).toEqual(stages('1'));
    expect(await misfits(code)).toEqual(new Map());
  });

  it('still ends as it was when a run from before the change had begun to', async () => {
    const steps = (name: string) => {
      const { history } = recorded.find((one) => one.name === name)!;
      return history.events.filter((event) => 'activityTaskScheduledEventAttributes' in event).length;
    };
    expect(steps('1/dayEnded')).toBe(1);
    expect(steps('2/dayEnded')).toBe(0);
    expect(steps('2/expired')).toBe(steps('1/expired') - 1);
  });

  it('books at once what was four steps, and is not longer for it', async () => {
    const events = (name: string) => recorded.find((one) => one.name === name)!.history.events.length;
    expect(events('3/bookedOnline')).toBeLessThan(events('2/bookedOnline'));
  });
});

describe('a workflow that is not made for what runs already', () => {
  const patch = /\(0,\s*([\w$.]+)\.patched\)\(\s*['"]brief-ends['"]\s*\)/g;
  const ended = recorded.filter(({ name }) => /dayEnded|expired/.test(name));

  it('is found out: a step that changed without a patch', async () => {
    const found = await misfits(changed(patch, 'true'), ended);
    expect([...found.keys()]).toEqual(expect.arrayContaining(['1/dayEnded', '1/expired']));
    expect(found.get('1/expired')).toMatch(/nondeterminism/i);
  });

  it('is found out: a change that is taken back while runs have made it', async () => {
    const found = await misfits(changed(patch, 'false'), ended);
    expect([...found.keys()].sort()).toEqual(['2/dayEnded', '2/expired', '3/dayEnded', '3/expired']);
  });

  it('is found out: a patch that is phased out while runs from before it are known', async () => {
    const found = await misfits(changed(patch, '((0,$1.deprecatePatch)("brief-ends"), true)'), ended);
    expect([...found.keys()].sort()).toEqual(['1/dayEnded', '1/expired']);
  });

  it('is found out: another first step', async () => {
    const some = recorded.filter(({ name }) => /^2\/(departing|bookedOnline)$/.test(name));
    expect((await misfits(changed('briefly.openDepartureTask(', 'briefly.readBooking('), some)).size).toBe(2);
  });
});
