"""An author's Dockerfile builds from the bundle's root, and nothing else of it changes."""

import pytest

from mlc.backends.docker.user_dockerfile import continued_as_in, dockerignore, last_stage, moved_into


@pytest.mark.parametrize(
    ("line", "moved"),
    [
        ("COPY . /app", "COPY c/. /app"),
        ("COPY ./ /app", "COPY c/. /app"),
        ("COPY a b /app/", "COPY c/a c/b /app/"),
        ("copy  a   /app", "copy  c/a   /app"),
        ("COPY /a /b", "COPY c/a /b"),
        ("COPY ../a /b", "COPY c/a /b"),
        ("COPY *.py $DIR/x.txt /b", "COPY c/*.py c/$DIR/x.txt /b"),
        ('COPY "a" /b', 'COPY "c/a" /b'),
        ("COPY --chown=1:1 --chmod=644 a /b", "COPY --chown=1:1 --chmod=644 c/a /b"),
        ("COPY --from=0 /a /b", "COPY --from=0 /a /b"),
        ("COPY --chown=1 --from=build /a /b", "COPY --chown=1 --from=build /a /b"),
        ('COPY ["a b", "/c d/"]\n', 'COPY ["c/a b", "/c d/"]\n'),
        ("ADD x.tar.gz /b", "ADD c/x.tar.gz /b"),
        ("ADD https://h/x.tar.gz /b", "ADD https://h/x.tar.gz /b"),
        ("ADD git@h:x.git /b", "ADD git@h:x.git /b"),
        ("ADD $URL /b", "ADD $URL /b"),
        ("COPY a \\\n  # why\n  b \\\n  /x", "COPY c/a \\\n  # why\n  c/b \\\n  /x"),
        ("# escape=`\nCOPY a `\n b /x", "# escape=`\nCOPY c/a `\n c/b /x"),
        ("COPY <<EOF /x\nCOPY a /b\nEOF\nCOPY a /b", "COPY <<EOF /x\nCOPY a /b\nEOF\nCOPY c/a /b"),
        ("RUN <<-'EOF'\n\tCOPY a b\n\tEOF\nCOPY a /b", "RUN <<-'EOF'\n\tCOPY a b\n\tEOF\nCOPY c/a /b"),
        ("RUN --mount=type=bind,source=r.txt,target=/r pip", "RUN --mount=type=bind,source=c/r.txt,target=/r pip"),
        ("RUN --mount=target=/r pip", "RUN --mount=target=/r,source=c pip"),
        (
            "RUN --mount=type=bind,from=x,source=/r,target=/r pip",
            "RUN --mount=type=bind,from=x,source=/r,target=/r pip",
        ),
        ("RUN --mount=type=cache,target=/r pip", "RUN --mount=type=cache,target=/r pip"),
        ("RUN echo COPY a b", "RUN echo COPY a b"),
        ("RUN a \\\nCOPY a b", "RUN a \\\nCOPY a b"),
        ("# COPY a /b", "# COPY a /b"),
        ("FROM x AS COPY", "FROM x AS COPY"),
        ("", ""),
        ("COPY", "COPY"),
        ("COPY [broken /b", "COPY [broken /b"),
        ("COPY <<EOF /x\nnever ends", "COPY <<EOF /x\nnever ends"),
    ],
)
def test_only_sources_of_the_context_move(line, moved):
    assert moved_into("c", line) == moved


def test_ignore_rules_move_too():
    rules = "# data\n\n*\n!src/**\n/top.txt\n  spaced  \n"
    assert dockerignore("c", rules) == "c/*\n!c/src/**\nc/top.txt\nc/spaced\n"


@pytest.mark.parametrize(
    ("text", "named", "stage"),
    [
        ("FROM x\nRUN a\n", "FROM x AS dependencies\nRUN a\n", "dependencies"),
        ("FROM x AS base\nFROM base as Last\n", "FROM x AS base\nFROM base as Last\n", "Last"),
        (
            "ARG V\nFROM x AS dependencies\nFROM --platform=$P y:$V",
            "ARG V\nFROM x AS dependencies\nFROM --platform=$P y:$V AS mlc-dependencies\n",
            "mlc-dependencies",
        ),
        ("RUN <<E\nFROM y\nE\n", "RUN <<E\nFROM y\nE\n", "dependencies"),
        ("from x\r\nRUN a", "from x AS dependencies\nRUN a", "dependencies"),
        ("", "", "dependencies"),
    ],
)
def test_the_last_stage_gets_a_name(text, named, stage):
    assert last_stage(text) == (named, stage)


def test_ours_is_continued_as_theirs():
    assert continued_as_in("# escape=`\nFROM x\n", "RUN a \\\n  b\n") == "RUN a `\n  b\n"
    assert continued_as_in("FROM x\n", "RUN a \\\n  b\n") == "RUN a \\\n  b\n"
