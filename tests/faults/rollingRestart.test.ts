import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../../dev/ports.ts';
import { eventually } from '../engines/worker.ts';
import { startBalancer } from './balancer.ts';
import { type Ground, openGround } from './ground.ts';
import { type People, peopleAt } from './people.ts';
import type { Process } from './product.ts';

let ground: Ground;
let people: People;
let balancer: Awaited<ReturnType<typeof startBalancer>>;
let ports: number[];
const running: Process[] = [];
const env = { DRAIN_SECONDS: '1' };

beforeAll(async () => {
  ground = await openGround();
  ports = [await freePort(), await freePort()];
  running.push(...(await Promise.all(ports.map((port) => ground.startApi({ port, env })))));
  running.push(...(await Promise.all([ground.startWorker(), ground.startWorker()])));
  balancer = await startBalancer(running.slice(0, 2).map(({ url }) => url));
  people = peopleAt(ground, balancer.url);
  await people.signIn();
});
afterAll(async () => {
  balancer?.stop();
  await ground?.end();
});

it('15: apis and workers are replaced one after another under load without a failed request', async () => {
  let replaced = false;
  const load = (async () => {
    while (!replaced) {
      await people.atRate(5, await people.arrive(5), async (person) => {
        await people.depart(person);
        await people.send(person);
        await people.choose(person);
        await people.confirm(person);
      });
    }
  })();
  for (const [i, process] of running.entries()) {
    expect(await process.stop()).toBe(0);
    await (i < 2 ? ground.startApi({ port: ports[i]!, env }) : ground.startWorker());
    await eventually(
      async () => balancer.ready(),
      (ready) => ready === 2,
    );
  }
  replaced = true;
  await load;
  expect(people.failures()).toEqual([]);
  await ground.findsNothing();
  await people.whatWasAnsweredHolds();
});
