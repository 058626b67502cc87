import { expect, test } from 'vitest';
import { readPasted } from '../../client/office/paste.ts';
import { ui } from '../../client/ui/messages/ui.ts';

const read = (text: string) => readPasted(text, ui.roles);

test('columns out of a table become people; an empty cell keeps its place', () => {
  expect(read('周建国\t主持人\t区政协\t副主席\n李敏\t委员\t\t委员\n').people).toEqual([
    { name: '周建国', role: 'moderator', unit: '区政协', title: '副主席' },
    { name: '李敏', role: 'member', unit: '', title: '委员' },
  ]);
});

test('typed lists are understood as well: commas of both kinds, or spaces', () => {
  const [a, b, c] = read('王强，部门，区住建局，副局长\n赵一,委员\n钱二 工作人员 办公室').people;
  expect(a).toEqual({ name: '王强', role: 'department', unit: '区住建局', title: '副局长' });
  expect(b).toEqual({ name: '赵一', role: 'member', unit: '', title: '' });
  expect(c).toEqual({ name: '钱二', role: 'clerk', unit: '办公室', title: '' });
});

test('what is not understood is named by its line, and nobody is guessed', () => {
  const { people, bad } = read('李敏\t委员\n\n孙三\t主席\n\t委员');
  expect(people.map(({ name }) => name)).toEqual(['李敏']);
  expect(bad).toEqual([
    { line: 3, text: '孙三\t主席' },
    { line: 4, text: '委员' },
  ]);
});
