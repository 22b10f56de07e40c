import type { Reader } from '../reader.ts';

export interface FilterSelectProps {
  reader: Reader;
  name: string;
  label: string;
  choices: { id: string; name: string }[];
  /** None: all. */
  chosen: string | null;
}

/** Narrows a list to one of several, or to none of them. */
export function FilterSelect({ reader, name, label, choices, chosen }: FilterSelectProps) {
  return (
    <label>
      {label}
      <select name={name}>
        <option value="">{reader.t.common.all}</option>
        {choices.map((choice) => (
          <option value={choice.id} selected={choice.id === chosen}>
            {choice.name}
          </option>
        ))}
      </select>
    </label>
  );
}
