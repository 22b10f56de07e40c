export interface Named {
  firstName: string;
  lastNamePrefix: string;
  lastName: string;
}

/** Anna van der Berg */
export const fullName = ({ firstName, lastNamePrefix, lastName }: Named): string =>
  [firstName, lastNamePrefix, lastName].filter(Boolean).join(' ');
