"""The words a ledger begins with; offices may add their own."""

from django.db import migrations

TERMS = {
    "Theme": (
        ("volunteering", "科技志愿服务", "Science volunteering"),
        ("rural", "助力乡村振兴", "Rural revitalisation"),
        ("minority", "少数民族科普", "Science for ethnic minorities"),
        ("expert", "专家服务", "Expert service"),
        ("agriculture", "农牧业技术", "Farming and herding techniques"),
        ("health", "健康生活", "Healthy living"),
        ("food_safety", "食品安全", "Food safety"),
        ("environment", "绿色低碳", "Green and low-carbon living"),
        ("legal", "法治宣传", "Legal awareness"),
        ("emergency", "应急科普", "Emergency preparedness"),
        ("digital", "数字技能", "Digital skills"),
        ("youth_science", "青少年科技教育", "Science education for the young"),
    ),
    "Audience": (
        ("youth", "青少年", "Young people"),
        ("farmers", "农牧民", "Farmers and herders"),
        ("workers", "产业工人", "Industrial workers"),
        ("elderly", "老年人", "Older people"),
        ("officials", "领导干部和公务员", "Officials and civil servants"),
        ("residents", "社区居民", "Community residents"),
    ),
    "Campaign": (
        ("science_day", "全国科普日", "National Science Day"),
        ("workers_day", "全国科技工作者日", "National Science and Technology Workers’ Day"),
        ("science_week", "科技活动周", "Science and Technology Week"),
        ("winter_spring", "科普之冬（春）", "Science in Winter and Spring"),
        ("science_tour", "科普传播行", "Science Communication Tour"),
        ("food_safety_week", "食品安全宣传周", "Food Safety Week"),
        ("disaster_week", "防灾减灾宣传周", "Disaster Prevention Week"),
    ),
}


def add(apps, schema_editor):
    for model, words in TERMS.items():
        rows = apps.get_model("activities", model)._default_manager
        for position, (code, name_zh, name_en) in enumerate(words, start=1):
            rows.get_or_create(
                code=code,
                defaults={"name_zh": name_zh, "name_en": name_en, "position": position * 10},
            )


class Migration(migrations.Migration):
    dependencies = [("activities", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
