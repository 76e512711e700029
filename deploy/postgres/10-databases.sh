#!/bin/bash
# One database and one role a service; no role may open another's database. PostgreSQL's container runs it when it is first
# made; run again, it makes what is missing and puts changed passwords in force.
#
# INBOROUGH_ROLES names a file that `inborough secrets` wrote: a line a service, its name and its password's SCRAM verifier,
# so that no password is known here. INBOROUGH_NAME says what databases and roles are called, "inborough" for
# inborough_caseload and so on. Where the server is and who asks is said by psql's own variables (PGHOST, PGUSER, …).
set -euo pipefail

while read -r service verifier; do
  psql --no-psqlrc --quiet --username "${PGUSER:-${POSTGRES_USER:-postgres}}" --dbname "${PGDATABASE:-postgres}" \
    --set ON_ERROR_STOP=1 --set name="${INBOROUGH_NAME:-inborough}_$service" --set verifier="$verifier" <<'SQL'
SELECT format('CREATE ROLE %I LOGIN', :'name') WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'name') \gexec
ALTER ROLE :"name" PASSWORD :'verifier';
SELECT format('CREATE DATABASE %I OWNER %I', :'name', :'name')
  WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name') \gexec
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done < "${INBOROUGH_ROLES:?names no file}"
