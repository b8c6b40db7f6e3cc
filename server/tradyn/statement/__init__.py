"""The statement of an account: a page to print or to send, and its deals as a table."""

from tradyn.statement.content import Statement, account_sum, read_statement
from tradyn.statement.page import statement_html
from tradyn.statement.table import COLUMNS, statement_csv

__all__ = ["COLUMNS", "Statement", "account_sum", "read_statement", "statement_csv", "statement_html"]
