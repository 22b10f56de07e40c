import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Ground, openGround } from './ground.ts';
import { type People, peopleAt } from './people.ts';
import type { Process } from './product.ts';

let ground: Ground;
let people: People;
let worker: Process;
const outageSeconds = 60;
const perSecond = 20;

beforeAll(async () => {
  ground = await openGround({ temporal: true });
  const [api, started] = await Promise.all([ground.startApi(), ground.startWorker()]);
  worker = started;
  people = peopleAt(ground, api.url);
  await people.signIn();
});
afterAll(() => ground?.end());

it(`4: with Temporal killed for ${outageSeconds} s, departures, sends and confirmations at ${perSecond} a second are all answered, and complete`, async () => {
  const each = Math.ceil((outageSeconds * perSecond) / 3);
  const [leaving, sending, confirming] = [
    await people.arrive(each),
    await people.arrive(each),
    await people.arrive(each),
  ];
  await people.atRate(perSecond, [...sending, ...confirming], people.depart);
  await people.atRate(perSecond, confirming, async (person) => {
    await people.send(person);
    await people.choose(person);
  });
  expect(people.failures()).toEqual([]);

  const began = Date.now();
  await ground.killTemporal();
  const acts = leaving.flatMap((_, i) => [
    () => people.depart(leaving[i]!),
    () => people.send(sending[i]!),
    () => people.confirm(confirming[i]!),
  ]);
  await people.atRate(perSecond, acts, (act) => act());
  expect(people.failures()).toEqual([]);
  await pause(began + outageSeconds * 1_000 - Date.now());
  await ground.startTemporal();

  await ground.findsNothing(120_000);
  await people.whatWasAnsweredHolds();
  expect(worker.alive()).toBe(true);
}, 400_000);
