/** The signed-in member of staff for whom a verb acts; every verb stays inside `practiceId`. */
export interface Staff {
  practiceId: string;
  userId: string;
}
