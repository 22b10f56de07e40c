import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dropReasons } from '../../domain/messages/outcomes.ts';
import { followUpCategory } from '../../drizzle/schema/followUp.ts';
import { messageChannel, messageKind, messageState } from '../../drizzle/schema/messages.ts';
import { usageKind } from '../../drizzle/schema/reports.ts';
import { carrierReasons } from '../../gateways/carrier.ts';
import { en } from '../../locales/en/index.ts';
import { nl } from '../../locales/nl/index.ts';

/** Words that the database keeps and that a screen looks up by name: none may be shown raw. */

const sources = ['domain', 'api'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
);

/** Every dotted word that is handed to `audit`. */
const actions = sources.flatMap((source) =>
  [...source.matchAll(/\baudit\(\s*tx,[^;]*?'(\w+\.\w+)'/g)].map(([, action]) => action!),
);
const calls = sources.flatMap((source) => [...source.matchAll(/\bawait audit\(|^\s+audit\(tx/gm)]);

/** And every one that a statement writes by itself. */
const written = sources.flatMap((source) =>
  [...source.matchAll(/insert into audit_entries[^;]*?'(\w+\.\w+)'/g)].map(([, action]) => action!),
);

describe.each([
  ['English', en],
  ['Dutch', nl],
])('%s has a word for', (_, t) => {
  it('every action that is audited', () => {
    expect(actions.length).toBe(calls.length);
    expect([...new Set([...actions, ...written])].filter((action) => !t.people.auditActions[action])).toEqual([]);
  });

  it('no action that is never audited', () => {
    expect(Object.keys(t.people.auditActions).filter((action) => ![...actions, ...written].includes(action))).toEqual(
      [],
    );
  });

  it('every reason why a message did not leave', () => {
    const wanted = [...carrierReasons, ...dropReasons];
    expect(Object.keys(t.people.messageReasons).sort()).toEqual([...new Set(wanted)].sort());
  });

  it('every state, kind and channel of a message', () => {
    expect(Object.keys(t.people.messageStates).sort()).toEqual([...messageState.enumValues].sort());
    expect(Object.keys(t.people.messageKinds).sort()).toEqual([...messageKind.enumValues].sort());
    expect(Object.keys(t.common.channels).sort()).toEqual([...messageChannel.enumValues].sort());
  });

  it('every category of Follow Up and every kind of the report', () => {
    expect(Object.keys(t.followUp.categories).sort()).toEqual([...followUpCategory.enumValues].sort());
    expect(Object.keys(t.reports.kinds).sort()).toEqual([...usageKind.enumValues].sort());
  });

  it('every refusal of the domain', () => {
    const refusals = [...readFileSync('domain/refusal.ts', 'utf8').matchAll(/^ {2}\| '(\w+)'/gm)].map(
      ([, code]) => code!,
    );
    expect(refusals.length).toBeGreaterThan(20);
    expect(refusals.filter((code) => !(code in t.problems.pages))).toEqual([]);
  });
});
