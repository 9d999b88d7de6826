package dev.caravan.sink;

import dev.caravan.sink.RichText.Block;
import dev.caravan.sink.RichText.Bullets;
import dev.caravan.sink.RichText.Heading;
import dev.caravan.sink.RichText.Inline;
import dev.caravan.sink.RichText.Numbered;
import dev.caravan.sink.RichText.Paragraph;
import dev.caravan.sink.RichText.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How many units of text are left while blocks are cut one after the other; for one cut. */
final class BlockBudget {
    private int left;

    BlockBudget(int limit) {
        this.left = limit;
    }

    /** What of the block there is still room for. */
    Optional<Block> cut(Block block) {
        if (block instanceof Heading heading) {
            return some(inlines(heading.inlines())).map(cut -> new Heading(heading.level(), cut));
        }
        if (block instanceof Paragraph paragraph) {
            return some(inlines(paragraph.inlines())).map(Paragraph::new);
        }
        return block instanceof Numbered numbered
                ? some(items(numbered.items())).map(Numbered::new)
                : some(items(((Bullets) block).items())).map(Bullets::new);
    }

    private List<List<Inline>> items(List<List<Inline>> items) {
        return items.stream().map(this::inlines).filter(item -> !item.isEmpty()).toList();
    }

    private List<Inline> inlines(List<Inline> inlines) {
        List<Inline> kept = new ArrayList<>();
        for (Inline inline : inlines) {
            if (left > 0) {
                kept.add(inline instanceof Text text ? cut(text) : inline);
                left -= inline instanceof Text text ? text.text().length() : 1;
            }
        }
        return Inlines.tidy(kept);
    }

    private Text cut(Text text) {
        return text.with(TextLimit.cut(text.text(), left));
    }

    private static <T> Optional<List<T>> some(List<T> list) {
        return list.isEmpty() ? Optional.empty() : Optional.of(list);
    }
}
