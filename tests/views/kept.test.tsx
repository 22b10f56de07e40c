import { describe, expect, it } from 'vitest';
import { kept, keptWith } from '../../views/kept.ts';
import { textOf } from './reader.ts';

const token = (value: string) => () => value;

describe('what is kept as it was drawn', () => {
  it('is drawn once for each different props, however they are made', () => {
    let drawings = 0;
    const Card = kept(({ who }: { who: { name: string; since: Date } }) => {
      drawings++;
      return <b>{who.name}</b>;
    });
    const draw = (name: string, since: number) =>
      textOf(<Card who={{ name, since: new Date(since) }} csrf={token('')} />);
    expect([draw('Robin', 1), draw('Robin', 1), draw('Noor', 1), draw('Robin', 2)]).toEqual([
      '<b>Robin</b>',
      '<b>Robin</b>',
      '<b>Noor</b>',
      '<b>Robin</b>',
    ]);
    expect(drawings).toBe(3);
  });

  it('carries the token of whoever reads it now, escaped as everything', () => {
    const Form = kept(({ name, csrf }: { name: string; csrf: () => string }) => (
      <p>
        {name} <input value={csrf()} /> <i title={csrf()} />
      </p>
    ));
    const draw = (value: string) => textOf(<Form name="Robin" csrf={token(value)} />);
    expect(draw('one')).toBe('<p>Robin <input value="one"/> <i title="one"></i></p>');
    expect(draw('"two"')).toBe('<p>Robin <input value="&quot;two&quot;"/> <i title="&quot;two&quot;"></i></p>');
  });

  it('shows script text as text', () => {
    const Card = kept(({ name }: { name: string }) => <b title={name}>{name}</b>);
    expect(textOf(<Card name={'"><script>'} csrf={token('')} />)).not.toContain('<script>');
  });

  it('goes with the thing it shows, once for each way to show it, and with the reader’s own token', () => {
    let drawings = 0;
    const List = keptWith(({ thing, loud, csrf }: { thing: string[]; loud: boolean; csrf: () => string }) => {
      drawings++;
      return (
        <p title={csrf()}>
          {thing.join(' ')}
          {loud ? '!' : ''}
        </p>
      );
    });
    const names = ['Robin', 'Noor'];
    const draw = (thing: string[], loud: boolean, value: string) =>
      textOf(<List thing={thing} loud={loud} csrf={token(value)} />);
    expect([draw(names, true, 'one'), draw(names, true, '"two"'), draw(names, false, 'one')]).toEqual([
      '<p title="one">Robin Noor!</p>',
      '<p title="&quot;two&quot;">Robin Noor!</p>',
      '<p title="one">Robin Noor</p>',
    ]);
    expect(drawings).toBe(2);
    expect(draw([...names, 'Kim'], true, 'one')).toBe('<p title="one">Robin Noor Kim!</p>');
  });
});
