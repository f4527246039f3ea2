"""From the `where` of an audience to SQL.

`where` is one condition in a small language, not SQL that is passed on: it is parsed, every piece of it must be on the
lists below, and the SQL that runs is written anew from what was understood.

    condition   and · or · not · ( ) · = <> < <= > >= · between · in (…) · is [not] null · an `is_` or `has_` column
    value       a column · a number · a text · true · false · + - * / · coalesce · abs · lower
"""

import difflib
from collections.abc import Collection
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from c360.audiences.definition import AudienceDefinition
from c360.core.errors import ConfigurationError

_COMPARISONS = (exp.EQ, exp.NEQ, exp.LT, exp.LTE, exp.GT, exp.GTE, exp.Between)
_CALCULATIONS = (exp.Add, exp.Sub, exp.Mul, exp.Div, exp.Neg, exp.Paren, exp.Coalesce, exp.Abs, exp.Lower)
_CONSTANTS = (exp.Literal, exp.Boolean)
_FLAGS = ("is_", "has_")
_PROBABILITY = "_probability"
_CUSTOMER = "customer"


@dataclass(frozen=True)
class CompiledAudience:
    """An audience as a query."""

    sql: str
    """Selects the `customer_id` of everybody the `where` matches, whatever they consented to."""
    models: tuple[str, ...]
    """The models whose scores it reads."""


def compile_audience(
    audience: AudienceDefinition, columns: Collection[str], models: Collection[str]
) -> CompiledAudience:
    """Compile the `where` of an audience.

    Args:
        audience: What its file declares.
        columns: The columns of `customer_360`.
        models: The models that exist, scored or not; each offers the column `<model>_probability`.

    Raises:
        ConfigurationError: `where` is not one condition of the small language, or names an unknown column.
    """
    tree = _parse(audience)
    _check_condition(audience, tree)
    offered = _offered_columns(columns, models)
    named = {column.name.lower() for column in tree.find_all(exp.Column)}
    for name in sorted(named):
        if name not in offered:
            raise _unknown(audience, name, offered)
    condition = tree.transform(lambda node: offered[node.name.lower()] if isinstance(node, exp.Column) else node)
    used = sorted({offered[name].table for name in named} - {_CUSTOMER})
    return CompiledAudience(_select(condition, used), tuple(used))


def _offered_columns(columns: Collection[str], models: Collection[str]) -> dict[str, exp.Column]:
    """What `where` may name, and the column of the query each name stands for."""
    offered = {f"{model}{_PROBABILITY}": exp.column("probability", table=model, quoted=True) for model in models}
    return offered | {name.lower(): exp.column(name, table=_CUSTOMER, quoted=True) for name in columns}


def _select(condition: exp.Expr, models: list[str]) -> str:
    joins = "".join(
        f'left join pipeline.scores as "{model}"\n'
        f"    on \"{model}\".model_name = '{model}'\n"
        f'    and "{model}".customer_id = customer.customer_id\n'
        f'    and "{model}".as_of_date = customer.as_of_date\n'
        for model in models
    )
    return (
        "select customer.customer_id\n"
        f"from customer_360.customer_360 as customer\n{joins}"
        f"where {condition.sql(dialect='duckdb', comments=False)}"
    )


def _parse(audience: AudienceDefinition) -> exp.Expr:
    try:
        statements = sqlglot.parse(audience.where, read="duckdb")
    except SqlglotError:
        raise _wrong(audience, "cannot be read as a condition; check brackets, quotes and operators") from None
    if len(statements) != 1 or statements[0] is None:
        raise _wrong(audience, "must be exactly one condition, without `;`")
    return statements[0]


def _check_condition(audience: AudienceDefinition, node: exp.Expr) -> None:
    """Raise unless `node` is true or false for a customer and made of allowed pieces."""
    if isinstance(node, exp.And | exp.Or | exp.Not | exp.Paren):
        for part in node.iter_expressions():
            _check_condition(audience, part)
    elif isinstance(node, exp.Is):
        _check_value(audience, node.this)
        if not isinstance(node.expression, exp.Null | exp.Boolean):
            raise _refused(audience, node.expression)
    elif isinstance(node, _COMPARISONS) or (isinstance(node, exp.In) and node.expressions):
        for operand in node.iter_expressions():
            _check_value(audience, operand)
    elif not (isinstance(node, exp.Column) and node.name.lower().startswith(_FLAGS)):
        raise _refused(audience, node)


def _check_value(audience: AudienceDefinition, node: exp.Expr) -> None:
    """Raise unless `node` is a value made of allowed pieces."""
    if isinstance(node, _CALCULATIONS):
        for operand in node.iter_expressions():
            _check_value(audience, operand)
    elif not isinstance(node, _CONSTANTS) and not (isinstance(node, exp.Column) and not node.table):
        raise _refused(audience, node)


def _refused(audience: AudienceDefinition, node: exp.Expr) -> ConfigurationError:
    return _wrong(
        audience,
        f"may not hold `{node.sql(dialect='duckdb')}` there. Combine with and, or, not; compare a column with a value "
        "by = <> < <= > >=, between, in (...), is null; calculate with + - * / coalesce abs lower",
    )


def _unknown(audience: AudienceDefinition, name: str, offered: Collection[str]) -> ConfigurationError:
    near = difflib.get_close_matches(name, sorted(offered), n=3, cutoff=0.4)
    hint = f"nearest are {', '.join(f'`{column}`' for column in near)}" if near else "see the columns of customer_360"
    if name.endswith(_PROBABILITY):
        hint = f"there is no model `{name.removesuffix(_PROBABILITY)}` in ml/models; {hint}"
    return _wrong(audience, f"names `{name}`, which customer_360 does not have: {hint}")


def _wrong(audience: AudienceDefinition, fault: str) -> ConfigurationError:
    return ConfigurationError(
        f"{audience.name}.yml: `where` {fault}. docs/adding-an-audience.md shows what it may say."
    )
