@NullMarked
package dev.openmemory.backup.dist;

import org.jspecify.annotations.NullMarked;
