/**
 * Prefixes of the countries whose networks carry no names as senders: *International support for Alphanumeric Sender ID*,
 * https://help.twilio.com/articles/223133767, where it said *No* in April 2026. +1 stands for all who share it, though some
 * islands among them would show a name.
 */
const withoutNames = [
  ['+1', 'United States, Canada, Caribbean'],
  ['+27', 'South Africa'],
  ['+32', 'Belgium'],
  ['+36', 'Hungary'],
  ['+56', 'Chile'],
  ['+57', 'Colombia'],
  ['+60', 'Malaysia'],
  ['+64', 'New Zealand'],
  ['+82', 'South Korea'],
  ['+86', 'China'],
  ['+98', 'Iran'],
  ['+506', 'Costa Rica'],
  ['+507', 'Panama'],
  ['+593', 'Ecuador'],
  ['+594', 'French Guiana'],
  ['+595', 'Paraguay'],
  ['+598', 'Uruguay'],
  ['+674', 'Nauru'],
  ['+886', 'Taiwan'],
  ['+963', 'Syria'],
] as const;

/** Whether an SMS to this number, in E.164, may show a name. Some countries want names registered first: that is not asked here. */
export const showsNames = (to: string): boolean => !withoutNames.some(([prefix]) => to.startsWith(prefix));
