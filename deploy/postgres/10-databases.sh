#!/bin/bash
# One database and one role a service; no role may open another's database. Runs once, when the server is first made.
set -euo pipefail

for service in caseload provision cost placement journal web; do
  password="${service^^}_DATABASE_PASSWORD"
  name="${INBOROUGH_DATABASE_PREFIX:-inborough_}${service}"
  psql --no-psqlrc --quiet --username "${POSTGRES_USER:-postgres}" --dbname postgres \
    --set ON_ERROR_STOP=1 --set name="$name" --set password="${!password:?is not set}" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
CREATE DATABASE :"name" OWNER :"name";
REVOKE CONNECT ON DATABASE :"name" FROM PUBLIC;
SQL
done
