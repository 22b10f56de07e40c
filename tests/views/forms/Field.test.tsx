import { describe, expect, it } from 'vitest';
import { Checkbox, Field, Select } from '../../../views/forms/Field.tsx';
import { untouched } from '../../../views/reader.ts';
import { readerIn, rendered, wordsOf } from '../reader.ts';

const reader = readerIn();
const wrong = { submitted: true, values: { email: 'robin@' }, errors: { email: 'email_invalid' } };

describe('a field', () => {
  it('begins with what is on file', () => {
    const field = rendered(<Field reader={reader} form={untouched} name="email" label="Email" initial="a@b.example" />);
    expect(field.querySelector('input')!.getAttribute('value')).toBe('a@b.example');
    expect(field.querySelector('input')!.getAttribute('aria-invalid')).toBeUndefined();
  });

  it('keeps what was typed, and says beside it what is wrong', () => {
    const field = rendered(
      <Field reader={reader} form={wrong} name="email" label="Email" initial="a@b.example" hint="For the link" />,
    );
    const input = field.querySelector('input')!;
    expect(input.getAttribute('value')).toBe('robin@');
    expect(input.getAttribute('aria-invalid')).toBe('true');
    const described = input
      .getAttribute('aria-describedby')!
      .split(' ')
      .map((id) => wordsOf(field.querySelector(`#${id}`)));
    expect(described).toEqual(['For the link', 'This is not an email address.']);
    expect(field.querySelector('label')!.getAttribute('for')).toBe(input.id);
  });

  it('that is wrong has the focus, not the one at which typing begins otherwise', () => {
    const focused = (form: typeof wrong | typeof untouched) =>
      rendered(
        <form>
          <Field reader={reader} form={form} name="name" label="Name" autofocus />
          <Field reader={reader} form={form} name="email" label="Email" />
        </form>,
      )
        .querySelectorAll('input[autofocus]')
        .map((input) => input.getAttribute('name'));
    expect(focused(untouched)).toEqual(['name']);
    expect(focused(wrong)).toEqual(['email']);
  });

  it('that was emptied stays empty', () => {
    const emptied = { submitted: true, values: { email: '' }, errors: {} };
    const field = rendered(<Field reader={reader} form={emptied} name="email" label="Email" initial="a@b.example" />);
    expect(field.querySelector('input')!.getAttribute('value')).toBe('');
  });

  it('shows a code that it does not know as a value that does not fit', () => {
    const field = rendered(
      <Field
        reader={reader}
        form={{ submitted: true, values: {}, errors: { email: 'no_such_code' } }}
        name="email"
        label="Email"
      />,
    );
    expect(wordsOf(field.querySelector('.error'))).toBe('This value does not fit.');
  });
});

it('a choice keeps what was chosen', () => {
  const choices = [
    { value: 'a', label: 'A' },
    { value: 'b', label: 'B' },
  ];
  const chosen = rendered(
    <Select
      reader={reader}
      form={{ submitted: true, values: { one: 'b' }, errors: {} }}
      name="one"
      label="One"
      initial="a"
      choices={choices}
    />,
  ).querySelectorAll('option[selected]');
  expect(chosen.map((option) => option.getAttribute('value'))).toEqual(['b']);
});

describe('a checkbox', () => {
  const ticked = (form: typeof untouched) =>
    rendered(<Checkbox reader={reader} form={form} name="channels" value="sms" label="SMS" initial />)
      .querySelector('input')!
      .hasAttribute('checked');

  it('is ticked beforehand in an untouched form only', () => {
    expect(ticked(untouched)).toBe(true);
    expect(ticked({ submitted: true, values: {}, errors: {} })).toBe(false);
    expect(ticked({ submitted: true, values: { channels: ['email', 'sms'] }, errors: {} })).toBe(true);
  });
});
