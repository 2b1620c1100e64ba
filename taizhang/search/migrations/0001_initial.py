from django.db import migrations, models

SQLITE = (
    # Without content: the texts stand in search_words. Single characters are words in Chinese.
    "CREATE VIRTUAL TABLE search_grams USING fts5("
    "grams, content='', detail=none, columnsize=0, tokenize='ascii', prefix='1')",
    # A table that is emptied at one stroke empties its index.
    "CREATE TRIGGER search_words_emptied AFTER DELETE ON search_words"
    " WHEN NOT EXISTS (SELECT 1 FROM search_words)"
    " BEGIN INSERT INTO search_grams(search_grams) VALUES ('delete-all'); END",
)
POSTGRESQL = (
    # As engines.wordsearch.grams: four characters from a letter, digit or sign on, else two.
    # The cost keeps the planner from working it out row by row where the index would do.
    r"""CREATE FUNCTION search_grams(words text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT COST 300 AS $$
    SELECT array_to_tsvector(array_agg(substr(words, place, CASE
        WHEN sign < 128 OR sign BETWEEN 65281 AND 65374 OR sign = 12288 THEN 4 ELSE 2 END)))
    FROM (SELECT place, ascii(substr(words, place, 1)) AS sign
        FROM generate_series(1, length(words)) AS place) AS signs
    WHERE sign <> 10
    $$""",
    "CREATE INDEX search_words_grams ON search_words USING gin (search_grams(text))"
    " WHERE NOT fresh",
)


def make_index(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Built",
            fields=[
                ("area", models.CharField(max_length=80, primary_key=True, serialize=False)),
                ("format", models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Words",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.TextField()),
                ("fresh", models.BooleanField(default=False)),
            ],
            options={
                "indexes": [
                    models.Index(
                        models.F("id"),
                        condition=models.Q(("fresh", True)),
                        name="search_words_fresh",
                    )
                ],
            },
        ),
        migrations.RunPython(make_index, migrations.RunPython.noop),
    ]
