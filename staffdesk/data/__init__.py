"""The only place that knows SQL: tables, register, engines, repositories, migrations."""
