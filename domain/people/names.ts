/** SQL, for drizzle's `sql.raw` and the client's `sql.unsafe` alike: a patient's name, of the table or alias `patient`. */
export const patientName = (patient: string) =>
  `concat_ws(' ', nullif(${patient}.first_name, ''), nullif(${patient}.last_name_prefix, ''), ${patient}.last_name)`;

/** Likewise a provider's, with the title; empty where a left join found none. */
export const providerName = (provider: string) => `concat_ws(' ', nullif(${provider}.title, ''), ${provider}.name)`;
