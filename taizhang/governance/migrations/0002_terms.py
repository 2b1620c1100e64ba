"""The words a ledger begins with; offices may add their own."""

from django.db import migrations

TERMS = {
    "Topic": (
        ("theory", "理论学习", "Theory"),
        ("party_history", "党史学习教育", "Party history"),
        ("party_building", "党的建设", "Party building"),
        ("ideology", "意识形态", "Ideology"),
        ("integrity", "党风廉政建设", "Integrity"),
        ("law", "法治建设", "Rule of law"),
        ("case_reform", "以案促改", "Reform through cases"),
        ("science", "科普工作", "Science popularisation"),
        ("safety", "安全和应急", "Safety and emergency"),
    ),
}


def add(apps, schema_editor):
    for model, words in TERMS.items():
        rows = apps.get_model("governance", model)._default_manager
        for position, (code, name_zh, name_en) in enumerate(words, start=1):
            rows.get_or_create(
                code=code,
                defaults={"name_zh": name_zh, "name_en": name_en, "position": position * 10},
            )


class Migration(migrations.Migration):
    dependencies = [("governance", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
