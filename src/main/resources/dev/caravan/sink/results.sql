-- The tables of the default data source "results" (data/results.db). Created at start where they are missing; what
-- exists is left as it is. Plain enough for PostgreSQL too, for whoever moves "results" there.
-- event_id is the event that wrote the row last; in failed_webhooks the one that was not delivered. Columns named after
-- objects hold them as JSON text.

CREATE TABLE IF NOT EXISTS interviews (
  source TEXT NOT NULL,
  session_id TEXT NOT NULL,
  study_id TEXT,
  study_title TEXT,
  participant_name TEXT,
  participant_email TEXT,
  quality_score DOUBLE PRECISION,
  transcript TEXT,
  transcript_url TEXT,
  duration_minutes DOUBLE PRECISION,
  completed_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, session_id)
);

CREATE TABLE IF NOT EXISTS koji_interviews (
  source TEXT NOT NULL,
  interview_id TEXT NOT NULL,
  study_id TEXT,
  study_title TEXT,
  status TEXT,
  analysis_status TEXT,
  quality_score DOUBLE PRECISION,
  respondent TEXT,
  respondent_email TEXT,
  stats TEXT,
  metadata TEXT,
  summary TEXT,
  structured_answers TEXT,
  interview TEXT,
  analysed_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, interview_id)
);

CREATE TABLE IF NOT EXISTS feedback (
  source TEXT NOT NULL,
  session_id TEXT NOT NULL,
  feedback TEXT,
  submitted_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, session_id)
);

CREATE TABLE IF NOT EXISTS transcripts (
  source TEXT NOT NULL,
  voicelog_id TEXT NOT NULL,
  tenant_id TEXT,
  call_id TEXT,
  status TEXT,
  duration_seconds DOUBLE PRECISION,
  language TEXT,
  operator_id TEXT,
  department TEXT,
  call_date TEXT,
  transcribed_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, voicelog_id)
);

CREATE TABLE IF NOT EXISTS analytics (
  source TEXT NOT NULL,
  voicelog_id TEXT NOT NULL,
  tenant_id TEXT,
  call_id TEXT,
  quality_score DOUBLE PRECISION,
  sentiment_overall DOUBLE PRECISION,
  dominant_emotion TEXT,
  intent_primary TEXT,
  summary TEXT,
  analyzed_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, voicelog_id)
);

CREATE TABLE IF NOT EXISTS alerts (
  source TEXT NOT NULL,
  event_id TEXT NOT NULL,
  tenant_id TEXT,
  alert_rule_id TEXT,
  alert_rule_name TEXT,
  voicelog_id TEXT,
  call_id TEXT,
  alert_condition TEXT,
  threshold DOUBLE PRECISION,
  actual_value DOUBLE PRECISION,
  operator_id TEXT,
  triggered_at TEXT,
  PRIMARY KEY (source, event_id)
);

CREATE TABLE IF NOT EXISTS calls (
  source TEXT NOT NULL,
  call_id TEXT NOT NULL,
  workspace_id TEXT,
  campaign_id TEXT,
  direction TEXT,
  contact_id TEXT,
  contact_name TEXT,
  contact_phone TEXT,
  contact_status TEXT,
  status TEXT,
  ended_reason TEXT,
  duration_seconds DOUBLE PRECISION,
  transcript TEXT,
  recording_url TEXT,
  retry TEXT,
  summary TEXT,
  outcome_id TEXT,
  score DOUBLE PRECISION,
  structured_data TEXT,
  in_call_tools TEXT,
  post_call_actions TEXT,
  started_at TEXT,
  ended_at TEXT,
  analyzed_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, call_id)
);

CREATE TABLE IF NOT EXISTS campaigns (
  source TEXT NOT NULL,
  campaign_id TEXT NOT NULL,
  workspace_id TEXT,
  name TEXT,
  status TEXT,
  end_reason TEXT,
  stats TEXT,
  performance TEXT,
  last_event TEXT,
  started_at TEXT,
  ended_at TEXT,
  updated_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, campaign_id)
);

CREATE TABLE IF NOT EXISTS crm_calls (
  source TEXT NOT NULL,
  call_id TEXT NOT NULL,
  contact_id TEXT,
  contact_name TEXT,
  contact_phone TEXT,
  contact_email TEXT,
  status TEXT,
  duration_seconds DOUBLE PRECISION,
  follow_up TEXT,
  next_retry_at TEXT,
  attempt_number INTEGER,
  outcome TEXT,
  score DOUBLE PRECISION,
  structured_data TEXT,
  post_call_actions TEXT,
  ended_at TEXT,
  analyzed_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, call_id)
);

CREATE TABLE IF NOT EXISTS interview_quality (
  source TEXT NOT NULL,
  interview_id TEXT NOT NULL,
  study_id TEXT,
  study_title TEXT,
  participant_name TEXT,
  participant_email TEXT,
  quality_score DOUBLE PRECISION,
  gate TEXT,
  updated_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, interview_id)
);

CREATE TABLE IF NOT EXISTS signals (
  source TEXT NOT NULL,
  interview_id TEXT NOT NULL,
  signal TEXT NOT NULL,
  answer TEXT,
  study_id TEXT,
  participant_name TEXT,
  participant_email TEXT,
  signalled_at TEXT,
  event_id TEXT,
  PRIMARY KEY (source, interview_id, signal)
);

CREATE TABLE IF NOT EXISTS research_stories (
  story TEXT NOT NULL,
  event_id TEXT NOT NULL,
  chapter TEXT,
  source TEXT,
  event_type TEXT,
  user_id TEXT,
  study_id TEXT,
  interview_id TEXT,
  happened_at TEXT,
  PRIMARY KEY (story, event_id)
);

CREATE TABLE IF NOT EXISTS failed_webhooks (
  delivery_id TEXT NOT NULL,
  automation TEXT,
  event_id TEXT,
  source TEXT,
  event_type TEXT,
  payload TEXT,
  error TEXT,
  step TEXT,
  http_status INTEGER,
  attempt_count INTEGER,
  attempts TEXT,
  received_at TEXT,
  failed_at TEXT,
  PRIMARY KEY (delivery_id)
);
