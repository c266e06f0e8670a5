"""A template as it is written on a command line or into the page: tpl_visit=上门提醒:thing1=服务,time2=时间."""


def read_template(line: str) -> tuple[str, str, dict[str, str]]:
    """Its id, its title and its fields with their labels; ValueError when the line is not written so."""
    template_id, has_title, rest = line.partition("=")
    title, has_fields, listed = rest.partition(":")
    fields = dict(one.split("=", 1) for one in listed.split(",") if "=" in one)
    if not (template_id.strip() and has_title and title.strip() and has_fields and fields):
        raise ValueError("a template is written ID=TITLE:FIELD=LABEL,FIELD=LABEL")
    return template_id.strip(), title.strip(), {key.strip(): label.strip() for key, label in fields.items()}
