import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import type { Answer, Wanted } from './wanted.ts';

/** Engines of the tests' own, on free ports, in a folder that goes with them. */
export default (project: TestProject) => provide(project, 'postgres', 'temporal');

interface House {
  process: ChildProcess;
  tenants: number;
  found: Map<Wanted, Promise<object>>;
}

/** Each of vitest's projects sets itself up, in a module world of its own; they share one house. */
const shared = globalThis as { nextvisitTestHouse?: House };

/** Provides what is wanted to the tests of a project. @returns what to do when they have run */
export async function provide(project: TestProject, ...wanted: Wanted[]): Promise<() => Promise<void>> {
  shared.nextvisitTestHouse ??= open();
  const house = shared.nextvisitTestHouse;
  house.tenants++;
  const leave = async () => {
    if (--house.tenants > 0 || house.process.exitCode !== null) return;
    shared.nextvisitTestHouse = undefined;
    house.process.disconnect();
    await once(house.process, 'exit');
  };
  try {
    for (const found of await Promise.all(wanted.map((one) => ask(house, one)))) {
      for (const [name, value] of Object.entries(found)) project.provide(name as 'postgresUrl', value);
      // Who watches has changed the sources since.
      if ('workflowBundle' in found) project.onTestsRerun(() => rm(String(found.workflowBundle), { force: true }));
    }
    return leave;
  } catch (error) {
    await leave();
    throw error;
  }
}

function open(): House {
  const child = fork(fileURLToPath(new URL('house.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    // Ctrl-C at the terminal is for the tests; the house follows by itself.
    detached: true,
  });
  child.on('message', (answer: Answer) => 'said' in answer && console.log(answer.said));
  return { process: child, tenants: 0, found: new Map() };
}

function ask(house: House, wanted: Wanted): Promise<object> {
  const asked = house.found.get(wanted) ?? answerOf(house.process, wanted);
  house.found.set(wanted, asked);
  return asked;
}

function answerOf(child: ChildProcess, wanted: Wanted): Promise<object> {
  return new Promise((resolve, reject) => {
    child.on('message', (answer: Answer) => {
      if (!('wanted' in answer) || answer.wanted !== wanted) return;
      if ('found' in answer) resolve(answer.found);
      else reject(new Error(answer.failed));
    });
    child.once('exit', (code) => reject(new Error(`the process of the tests' engines ended with ${code}`)));
    child.send(wanted);
  });
}
