"""Decide which records are one customer, from the evidence that dbt found."""

from dataclasses import dataclass

import pyarrow as pa

from c360.core.log import get_logger
from c360.core.run import RunContext
from c360.core.warehouse import open_warehouse
from c360.identity.clusters import cluster

CLUSTERS_SCHEMA = pa.schema([("record_id", pa.string()), ("customer_id", pa.string())])


@dataclass(frozen=True)
class Identification:
    """How many records came in and how many customers they are."""

    record_count: int
    edge_count: int
    customer_count: int


def identify(run: RunContext) -> Identification:
    """Write `pipeline.identity_clusters`: one row per record, with its customer, sorted by record."""
    with open_warehouse(run.settings) as warehouse:
        records = warehouse.frame("select record_id from identity.int_identity__records")
        edges = warehouse.frame("select left_record_id, right_record_id from identity.int_identity__edges")
        clusters = cluster(records["record_id"], edges)
        warehouse.write("identity_clusters", pa.Table.from_pandas(clusters, CLUSTERS_SCHEMA, preserve_index=False))
    found = Identification(len(clusters), len(edges), clusters["customer_id"].nunique())
    get_logger().info("identified", records=found.record_count, edges=found.edge_count, customers=found.customer_count)
    return found
