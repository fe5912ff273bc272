-- The members of an audience, from the lines of a snapshot and from events; those may be there twice, out of order, or older than it.
WITH told (namespace, id, status, attributes, sequence) AS (
  SELECT value ->> '$.identity.namespace', value ->> '$.identity.id', 'realized', value -> '$.attributes', snapshot.sequence
  FROM snapshot_line, snapshot
  UNION ALL
  SELECT value ->> '$.identity.namespace', value ->> '$.identity.id', value ->> '$.status', value -> '$.attributes', value ->> '$.sequence'
  FROM event
  WHERE value ->> '$.audience' = 'recent-buyers' AND value ->> '$.sequence' > (SELECT max(sequence) FROM snapshot)
), latest AS (
  SELECT *, row_number() OVER (PARTITION BY namespace, id ORDER BY sequence DESC) AS place FROM told
)
SELECT namespace, id, attributes FROM latest WHERE place = 1 AND status <> 'exited' ORDER BY namespace, id;
