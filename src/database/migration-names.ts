/** Every migration, oldest first. Listed here so that no directory is searched at run time. */
export const migrationNames = [
  'Migration20261122000000_initial',
  'Migration20261122160000_credentials',
  'Migration20261122190000_search',
  'Migration20261122210000_access',
  'Migration20261126090000_session_cap',
  'Migration20261126120000_history',
  'Migration20261126140000_bounds',
  'Migration20261127060000_own_events',
  'Migration20261127090000_event_chain',
  'Migration20261127100000_jobs',
  'Migration20261127110000_request_ids',
  'Migration20261127120000_claims',
  'Migration20261127150000_event_words',
  'Migration20261127160000_job_expiry',
  'Migration20261128100000_expired_months',
  'Migration20261128110000_event_walks',
] as const;
