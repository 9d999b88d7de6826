package dev.caravan.automation;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Ids are unique across files, those of the routes that Kamelets become and names of beans included. */
final class RouteConflicts {
    private RouteConflicts() {}

    /** What the file claims, each with its line. */
    static Map<String, Integer> ids(RouteFile file) {
        Map<String, Integer> ids = new LinkedHashMap<>(file.routeLines());
        for (RouteFile.Part part : file.parts()) {
            part.names().forEach(name -> ids.put(part.kind() + " " + name, part.line()));
            part.kamelets()
                    .forEach(use -> ids.put(
                            use.routeId(file.ownerId(part)), use.step().region().line()));
        }
        return ids;
    }

    /** @param taken ids of others, each with its place */
    static Optional<Finding> find(RouteFile file, Map<String, String> taken) {
        return ids(file).entrySet().stream()
                .filter(claim -> taken.containsKey(claim.getKey()))
                .findFirst()
                .map(claim -> Finding.error(
                        file.name(),
                        claim.getValue(),
                        "the id `" + claim.getKey() + "` is already used at " + taken.get(claim.getKey())
                                + "; give one of them another."));
    }
}
